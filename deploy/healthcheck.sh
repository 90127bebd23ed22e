#!/usr/bin/env bash
# healthcheck PORT PATH: succeeds if this container responds with 200. Uses only bash, because the image has no curl.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
read -r _ status _ <&3
[[ $status == 200 ]]
