# SPDX-License-Identifier: Apache-2.0
"""The configuration of HAProxy in front of the parts: it ends TLS and finds the part by the name that was asked for.

- One port, four names; a name that is none of them gets no certificate and no answer.
- The parts are told the client's address by the PROXY protocol, and nothing else about what stands in front: they
  believe no header, because their public names are rendered.
- The proxy has replicas, found by Docker's DNS as they come and go. A request that a replica did not answer goes to
  another one: that is safe, because a login's state is in the browser and each response is accepted once.
- A request to a part without replicas is never sent twice, unless no connection came about.
- The log says when, where to and how long, never an address that was asked for: those carry SAML messages.
"""

from __future__ import annotations

from typing import Final

from federation.endpoints import PARTS, Origins, PartName
from party.server import CONTAINER_PORT

HOST: Final = "balancer"
HEALTH_PORT: Final = 8404
CERTIFICATES: Final = "certificates"
CONFIGURATION: Final = "haproxy.cfg"
FOLDER: Final = "/balancer"
MAX_REPLICAS: Final = 10

_HEAD: Final = """\
# Written by `testbed render parts`; changes are lost.
global
    log stdout format raw local0
    maxconn 4000
    # what a browser sends fits whole, so that it can be sent again
    tune.bufsize 65536
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets

defaults
    mode http
    log global
    log-format '{{"at":"%tr","backend":"%b","server":"%s","status":%ST,"milliseconds":%Ta,"ended":"%ts"}}'
    timeout connect 2s
    timeout client 30s
    timeout http-request 10s
    timeout server 30s
    timeout check 1s
    retries 3
    option redispatch 1
    option dontlognull

resolvers docker
    nameserver dns 127.0.0.11:53
    resolve_retries 3
    timeout resolve 1s
    timeout retry 1s
    hold valid 1s
    hold nx 1s
    hold other 1s
    hold refused 1s
    hold timeout 1s

frontend health
    bind 127.0.0.1:{health_port}
    monitor-uri /healthz

frontend tls
    bind :{port} ssl strict-sni crt {folder}/{certificates}/ alpn h2,http/1.1
    http-request del-header ^(forwarded|x-forwarded-.*|x-real-ip)$ -m reg
{routes}
    http-request return status 421 if !known
"""

_ROUTE: Final = "    use_backend {part} if {{ req.hdr(host),host_only -i {host} }}"

_BACKEND: Final = """
backend {part}
    balance leastconn
    option httpchk GET /readyz
    default-server check inter 1s fall 2 rise 1 send-proxy-v2 check-send-proxy
"""
"""`send-proxy-v2` is said once for all servers of a part."""

_REPLICAS: Final = """\
    # longer than any answer takes, data services included
    timeout server 6s
    # what has come whole can be sent again, a form with its body too
    option http-buffer-request
    retry-on conn-failure empty-response response-timeout
    server-template {part}- {replicas} {host}:{port} resolvers docker init-addr none
"""

_ONE: Final = """\
    server-template {part}- 1 {host}:{port} resolvers docker init-addr none
"""


def balancer_configuration(origins: Origins) -> bytes:
    """Return HAProxy's configuration for these origins, which share one port; the same origins give the same bytes."""
    routes = "\n".join(
        (
            *(f"    acl known req.hdr(host),host_only -i {origins.host_name(part)}" for part in PARTS),
            *(_ROUTE.format(part=part, host=origins.host_name(part)) for part in PARTS),
        )
    )
    head = _HEAD.format(
        health_port=HEALTH_PORT,
        port=origins.port("proxy"),
        folder=FOLDER,
        certificates=CERTIFICATES,
        routes=routes,
    )
    return (head + "".join(_backend(part) for part in PARTS)).encode("ascii")


def _backend(part: PartName) -> str:
    servers = _REPLICAS if part == "proxy" else _ONE
    return _BACKEND.format(part=part) + servers.format(part=part, host=part, port=CONTAINER_PORT, replicas=MAX_REPLICAS)
