"""Checks that docker-compose.yml, the Dockerfile and the files they name are consistent, and prints problems.

python3 deploy/check.py PROGRAM, where PROGRAM is a built `offercast`. No container engine is needed.
"""

import math
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
PROGRAM = sys.argv[1]
problems = []


def check(holds, problem):
    if not holds:
        problems.append(problem)


def help_of(*command):
    ran = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True)
    return ran.stdout if ran.returncode == 0 else None


def ignored(path):
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    parts = Path(path).parts
    parents = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    return any(fnmatch(parent, pattern.removeprefix("**/")) for parent in parents for pattern in patterns)


def check_dockerfile():
    """Checks that copied paths and the stages they are copied from exist. Returns the stages."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    stages = []
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["FROM"]:
            check_image("Dockerfile", words[1])
            stages.append(words[3])
        if words[:1] == ["COPY"]:
            origin = [word.removeprefix("--from=") for word in words if word.startswith("--from=")]
            sources = [word for word in words[1:-1] if not word.startswith("--")]
            if origin:
                check(origin[0] in stages, f"Dockerfile copies from the stage {origin[0]}, which is undefined: {line}")
            else:
                for source in sources:
                    check((ROOT / source).exists(), f"Dockerfile copies {source}, which does not exist")
                    check(not ignored(source), f"Dockerfile copies {source}, which .dockerignore excludes")
    for path in re.findall(r"(?:node|bash|sh) (\S+\.(?:mjs|sh))", text):
        check((ROOT / path).exists(), f"Dockerfile runs {path}, which does not exist")
    for task in re.findall(r"cargo xtask (\w+)", text):
        listed = subprocess.run(["cargo", "xtask", "help"], cwd=ROOT, capture_output=True, text=True).stdout
        check(f"\n  {task} " in listed, f"Dockerfile runs `cargo xtask {task}`, which does not exist")
    return stages


def check_command(name, command):
    """Checks that the first word is a command of the program and that the command has every option."""
    text = help_of(command[0])
    check(text is not None, f"{name} runs `offercast {command[0]}`, which does not exist")
    for option in command[1:]:
        if option.startswith("--"):
            check(option in (text or ""), f"{name} passes {option} to `offercast {command[0]}`, which lacks it")


def check_image(name, image):
    """Checks that the image is pinned by digest or full version: a tag such as `17` changes every few weeks."""
    pinned = re.search(r"@sha256:[0-9a-f]{64}$|:\d+\.\d+\.\d+-|postgres:\d+\.\d+-|-20\d{6}", image)
    check(pinned, f"{name} uses the image {image or 'none'}, which is not pinned by digest or full version")


def check_bounds(name, service):
    """Checks that a container cannot exhaust the machine, gain privileges or fill the disk."""
    for bound in ["mem_limit", "cpus", "pids_limit"]:
        check(bound in service, f"{name} has no {bound}")
    check("no-new-privileges:true" in service.get("security_opt", []), f"{name} may gain privileges")
    check("ALL" in service.get("cap_drop", []), f"{name} keeps capabilities")
    check(service.get("read_only") is True, f"{name} may write to its image")
    check("max-size" in service.get("logging", {}).get("options", {}), f"{name} may fill the disk with its log")
    check(not service.get("privileged"), f"{name} is privileged")
    for mount in service.get("tmpfs", []):
        check("size=" in mount, f"{name} mounts {mount} without a size limit: it may use all memory")


def check_roles(services):
    """Checks that only `roles` uses the superuser, only `migrate` the owner, and that no password is used twice."""
    users = {"migrate": "offercast_owner", "api": "offercast_app", "worker": "offercast_app"}
    passwords = {}
    for name, service in services.items():
        environment = service.get("environment", {})
        url = environment.get("DATABASE_URL", "")
        if url:
            user, password = re.search(r"//(\w+):\$\{(\w+)", url).groups()
            check(user == users.get(name), f"{name} uses the database as {user}")
            passwords.setdefault(password, set()).add(user)
        superuser = "POSTGRES_PASSWORD" in str(environment)
        check(not superuser or name in ("postgres", "roles"), f"{name} has the superuser's password")
    check("POSTGRES_PASSWORD" not in passwords, "a container uses the superuser's password")
    for password, roles in passwords.items():
        check(len(roles) == 1, f"{password} is the password of {sorted(roles)}")


def check_service(name, service, services, stages):
    build = service.get("build")
    if build:
        check(build["target"] in stages, f"{name} is built from the stage {build['target']}, which does not exist")
        if build["target"] == "server":
            check_command(name, service.get("command") or [""])
    else:
        check_image(name, service.get("image", ""))
    for other, condition in service.get("depends_on", {}).items():
        check(other in services, f"{name} waits for {other}, which does not exist")
        if condition["condition"] == "service_healthy":
            check("healthcheck" in services.get(other, {}), f"{name} waits for {other}, which has no health check")


def check_references(compose, text):
    """Checks that the networks, volumes and variables that are used exist."""
    for name, service in compose["services"].items():
        for network in service.get("networks", []):
            check(network in compose["networks"], f"{name} uses the network {network}, which does not exist")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            exists = (ROOT / source).exists() if source.startswith((".", "/")) else source in compose["volumes"]
            check(exists, f"{name} mounts {source}, which does not exist")
    example = (ROOT / "deploy/env.example").read_text()
    for variable in sorted(set(re.findall(r"\$\{(\w+)", text))):
        check(f"\n{variable}=" in example, f"docker-compose.yml uses {variable}, which is not in deploy/env.example")


def check_nginx(services):
    """Checks that nginx proxies to existing services and that included files are copied into the image."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    for path in (ROOT / "deploy").glob("*.conf"):
        text = path.read_text()
        for host in re.findall(r"proxy_pass http://([\w-]+):", text):
            check(host in services, f"{path.name} passes requests to {host}, which is not a service")
        for included in re.findall(r"include \S+/(\S+);", text):
            check(included in dockerfile, f"{path.name} includes {included}, which the Dockerfile does not copy")


def check_nginx_limits():
    """Checks that nginx has the API's limit for bodies, does not buffer them, and limits every client."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    limit = re.search(r"const MAX_ROWS_BODY: usize = ([\d *]+);", (ROOT / "crates/api/src/extract.rs").read_text())
    factors = [int(factor) for factor in limit.group(1).split("*")] if limit else [0]
    megabytes = re.search(r"client_max_body_size (\d+)m;", text)
    largest = int(megabytes.group(1)) << 20 if megabytes else 0
    check(largest == math.prod(factors), f"nginx accepts bodies of {largest} bytes, the API of {math.prod(factors)}")
    for line in [
        "proxy_request_buffering off;",
        "limit_conn connections ",
        "limit_req zone=requests ",
        "client_header_timeout ",
        "client_body_timeout ",
        "send_timeout ",
    ]:
        check(f"\n    {line}" in text, f"nginx.conf does not contain {line.strip()}")


text = (ROOT / "docker-compose.yml").read_text()
compose = yaml.safe_load(text)
stages = check_dockerfile()
for name, service in compose["services"].items():
    check_service(name, service, compose["services"], stages)
    check_bounds(name, service)
check_references(compose, text)
check_nginx(compose["services"])
check_nginx_limits()
check_roles(compose["services"])

for problem in problems:
    print(problem)
print(f"{len(compose['services'])} services, {len(stages)} stages, {len(problems)} problems")
sys.exit(1 if problems else 0)
