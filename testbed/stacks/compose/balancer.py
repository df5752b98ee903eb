# SPDX-License-Identifier: Apache-2.0
"""The configuration of HAProxy in front of the parts: it ends TLS and finds the part by the name that was asked for.

- One port, four names; a name that is none of them gets no certificate and no answer.
- The parts are told the client's address by the PROXY protocol, and nothing else about what stands in front: they
  believe no header, because their public names are rendered.
- The proxy has replicas, found by Docker's DNS as they come and go. A request that a replica did not answer goes to
  another one: that is safe, because a login's state is in the browser and each response is accepted once.
- A request to a part without replicas is never sent twice, unless no connection came about.
- A team's own service stands behind the balancer as theirs may in real life: it ends TLS, and says so in a header.
- The log says when, where to and how long, never an address that was asked for: those carry SAML messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from federation.endpoints import PARTS, Origins, PartName
from party.server import CONTAINER_PORT

HOST: Final = "balancer"
HEALTH_PORT: Final = 8404
CERTIFICATES: Final = "certificates"
CONFIGURATION: Final = "haproxy.cfg"
FOLDER: Final = "/balancer"
MAX_REPLICAS: Final = 10
OWN_SP: Final = "own-sp"
"""The container of a team's own service, and the first label of its public name."""

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

_OWN: Final = """
backend {name}
    http-request set-header X-Forwarded-Proto https
    server-template {name}- 1 {name}:{port} resolvers docker init-addr none
"""


@dataclass(frozen=True)
class OwnSp:
    """A team's own service: its public host name, and the port that its container listens on by http."""

    host_name: str
    port: int

    @classmethod
    def beside(cls, origins: Origins, port: int) -> OwnSp:
        """Return it by its name beside those of the parts."""
        return cls(f"{OWN_SP}.{origins.host_name('proxy').partition('.')[2]}", port)


def balancer_configuration(origins: Origins, own_sp: OwnSp | None = None) -> bytes:
    """Return HAProxy's configuration for these origins, which share one port; the same input gives the same bytes."""
    names = {part: origins.host_name(part) for part in PARTS} | ({OWN_SP: own_sp.host_name} if own_sp else {})
    routes = "\n".join(
        (
            *(f"    acl known req.hdr(host),host_only -i {host}" for host in names.values()),
            *(_ROUTE.format(part=name, host=host) for name, host in names.items()),
        )
    )
    head = _HEAD.format(
        health_port=HEALTH_PORT,
        port=origins.port("proxy"),
        folder=FOLDER,
        certificates=CERTIFICATES,
        routes=routes,
    )
    own = _OWN.format(name=OWN_SP, port=own_sp.port) if own_sp else ""
    return (head + "".join(_backend(part) for part in PARTS) + own).encode("ascii")


def _backend(part: PartName) -> str:
    servers = _REPLICAS if part == "proxy" else _ONE
    return _BACKEND.format(part=part) + servers.format(part=part, host=part, port=CONTAINER_PORT, replicas=MAX_REPLICAS)
