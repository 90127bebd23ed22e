"""Reads docker-compose.yml, the Dockerfile and what they name, and says what does not exist or does not fit.

python3 deploy/check.py PROGRAM, where PROGRAM is a built `offercast`. No container engine is needed.
"""

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
    """Every copied path exists, every stage that is copied from is there. Gives the stages."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    stages = []
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["FROM"]:
            stages.append(words[3])
        if words[:1] == ["COPY"]:
            origin = [word.removeprefix("--from=") for word in words if word.startswith("--from=")]
            sources = [word for word in words[1:-1] if not word.startswith("--")]
            if origin:
                check(origin[0] in stages, f"Dockerfile copies from the stage {origin[0]}, which is not above: {line}")
            else:
                for source in sources:
                    check((ROOT / source).exists(), f"Dockerfile copies {source}, which does not exist")
                    check(not ignored(source), f"Dockerfile copies {source}, which .dockerignore leaves out")
    for path in re.findall(r"(?:node|bash|sh) (\S+\.(?:mjs|sh))", text):
        check((ROOT / path).exists(), f"Dockerfile runs {path}, which does not exist")
    for task in re.findall(r"cargo xtask (\w+)", text):
        listed = subprocess.run(["cargo", "xtask", "help"], cwd=ROOT, capture_output=True, text=True).stdout
        check(f"\n  {task} " in listed, f"Dockerfile runs `cargo xtask {task}`, which does not exist")
    return stages


def check_command(name, command):
    """The first word is a command of the program, and every option is one of that command's."""
    text = help_of(command[0])
    check(text is not None, f"{name} runs `offercast {command[0]}`, which does not exist")
    for option in command[1:]:
        if option.startswith("--"):
            check(option in (text or ""), f"{name} passes {option} to `offercast {command[0]}`, which does not know it")


def check_service(name, service, services, stages):
    build = service.get("build")
    if build:
        check(build["target"] in stages, f"{name} is built to the stage {build['target']}, which does not exist")
        if build["target"] == "server":
            check_command(name, service.get("command") or [""])
    else:
        check(":" in service.get("image", ""), f"{name} needs an image with a version")
    for other, condition in service.get("depends_on", {}).items():
        check(other in services, f"{name} waits for {other}, which does not exist")
        if condition["condition"] == "service_healthy":
            check("healthcheck" in services.get(other, {}), f"{name} waits for {other} to be healthy, which has no check")


def check_references(compose, text):
    """Networks, volumes, variables and settings that are used are also there."""
    for name, service in compose["services"].items():
        for network in service.get("networks", []):
            check(network in compose["networks"], f"{name} is in the network {network}, which does not exist")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            exists = (ROOT / source).exists() if source.startswith((".", "/")) else source in compose["volumes"]
            check(exists, f"{name} mounts {source}, which does not exist")
    example = (ROOT / "deploy/env.example").read_text()
    for variable in sorted(set(re.findall(r"\$\{(\w+)", text))):
        check(f"\n{variable}=" in example, f"docker-compose.yml uses {variable}, which deploy/env.example does not have")


def check_nginx(services):
    """What nginx passes on goes to a service, and the included files are copied into the image."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    for path in (ROOT / "deploy").glob("*.conf"):
        text = path.read_text()
        for host in re.findall(r"proxy_pass http://([\w-]+):", text):
            check(host in services, f"{path.name} passes requests to {host}, which is no service")
        for included in re.findall(r"include \S+/(\S+);", text):
            check(included in dockerfile, f"{path.name} includes {included}, which the Dockerfile does not copy")


text = (ROOT / "docker-compose.yml").read_text()
compose = yaml.safe_load(text)
stages = check_dockerfile()
for name, service in compose["services"].items():
    check_service(name, service, compose["services"], stages)
check_references(compose, text)
check_nginx(compose["services"])

for problem in problems:
    print(problem)
print(f"{len(compose['services'])} services, {len(stages)} stages, {len(problems)} problems")
sys.exit(1 if problems else 0)
