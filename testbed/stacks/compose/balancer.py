# SPDX-License-Identifier: Apache-2.0
"""The configuration of HAProxy in front of the parts: it ends TLS and finds the part by the name that was asked for.

- One port, four names; a name that is none of them gets no certificate and no answer.
- The parts are told the client's address by the PROXY protocol, and nothing else about what stands in front: they
  believe no header, because their public names are rendered.
- The proxy has replicas, found by Docker's DNS as they come and go. A request that a replica did not answer goes to
  another one: that is safe, because a login's state is in the browser and each response is accepted once.
- A replica that stops says so first (`party.draining`), and is given nothing more by the time it stops listening. What
  is sent to one that does not listen (yet, or any more) has done nothing there, and goes to another one.
- A part that is not ready, in all its replicas, is asked all the same: it says why on a page of its own, or was only
  slow to answer the check.
- A connection to a part carries one request, so none is ever sent into a connection that the part is just closing.
- A request to a part without replicas is never sent twice, unless no connection came about.
- Who answers a check must be the part that was meant: an address may be another container's by now.
- Where the data services have a network of their own, what the proxy asks them goes over that one.
- A team's own service stands behind the balancer as theirs may in real life: it ends TLS, and says so in a header.
- The log says when, where to and how long, never an address that was asked for: those carry SAML messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from federation.endpoints import OPINSYS_USERS_PATH, PARTS, WILMA_DATA_PATH, Origins, PartName
from party.server import CONTAINER_PORT

HOST: Final = "balancer"
HEALTH_PORT: Final = 8404
CERTIFICATES: Final = "certificates"
CONFIGURATION: Final = "haproxy.cfg"
FOLDER: Final = "/balancer"
MAX_REPLICAS: Final = 10
OWN_SP: Final = "own-sp"
"""The container of a team's own service, and the first label of its public name."""
PAGES_HOST: Final = "home-pages"
DATA_HOST: Final = "home-data"
"""The identity providers' two names where their data services have a network of their own."""

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
    timeout check 2s
    retries 3
    option redispatch 1
    option http-server-close
    option dontlognull

resolvers docker
    nameserver dns 127.0.0.11:53
    resolve_retries 3
    timeout resolve 1s
    timeout retry 1s
    hold valid 1s
    hold nx 1s
    # a name server that stumbles takes nobody away: the checks find who is dead
    hold other 60s
    hold refused 60s
    hold timeout 60s

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

_UNREADY_ROUTE: Final = (
    "    use_backend {part}-unready if {{ req.hdr(host),host_only -i {host} }} {{ nbsrv({part}) eq 0 }}"
)

_READY: Final = """
backend {name}
    balance leastconn
    option httpchk GET /readyz
    http-check expect rstring '"part": "{part}".*"status": "ok"'
    default-server check inter 1s fall 2 rise 1 send-proxy-v2 check-send-proxy
"""
"""`send-proxy-v2` is said once for all servers of a part."""

_REPLICAS: Final = """\
    # longer than any answer takes, data services included
    timeout server 10s
    # what has come whole can be sent again, a form with its body too
    option http-buffer-request
    retry-on conn-failure empty-response response-timeout
    server-template {name}- {replicas} {host}:{port} resolvers docker init-addr none
"""

_UNREADY: Final = """
backend {part}-unready
    balance leastconn
    default-server send-proxy-v2
"""

_ONE: Final = """\
    server-template {name}- 1 {host}:{port} resolvers docker init-addr none
"""

_DATA: Final = """
backend {name}
    default-server send-proxy-v2
    # who asks waits three seconds and no longer: one try, and an answer while somebody listens to it
    timeout connect 1s
    retries 0
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


@dataclass(frozen=True)
class Beyond:
    """What runs beyond the four parts."""

    own_sp: OwnSp | None = None
    """A team's own service, where there is a place for one."""
    has_data_network: bool = False
    """Whether the balancer reaches the data services by a network of their own."""
    has_load: bool = False
    """Whether a load run is given what opens doors to scripts."""


NOTHING: Final = Beyond()


def balancer_configuration(origins: Origins, beyond: Beyond = NOTHING) -> bytes:
    """Return HAProxy's configuration for these origins, which share one port; the same input gives the same bytes."""
    own_sp = beyond.own_sp
    names = {part: origins.host_name(part) for part in PARTS} | ({OWN_SP: own_sp.host_name} if own_sp else {})
    routes = "\n".join(
        (
            *(f"    acl known req.hdr(host),host_only -i {host}" for host in names.values()),
            *(_data_routes(origins) if beyond.has_data_network else ()),
            *(_UNREADY_ROUTE.format(part=part, host=origins.host_name(part)) for part in PARTS),
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
    hosts: dict[PartName, str] = {"idp": PAGES_HOST} if beyond.has_data_network else {}
    backends = [_backend(part, hosts.get(part, part)) for part in PARTS]
    if beyond.has_data_network:
        backends.append(_formatted(_DATA + _ONE, DATA_HOST, "idp", DATA_HOST))
    if own_sp:
        backends.append(_OWN.format(name=OWN_SP, port=own_sp.port))
    return (head + "".join(backends)).encode("ascii")


def _data_routes(origins: Origins) -> tuple[str, ...]:
    """Return the routes of what the proxy asks the data services of Wilma and Opinsys."""
    host = origins.host_name("idp")
    return tuple(
        f"    use_backend {DATA_HOST} if {{ req.hdr(host),host_only -i {host} }} {{ {path} }}"
        for path in (f"path_end {WILMA_DATA_PATH}", f"path_sub {OPINSYS_USERS_PATH}")
    )


def _backend(part: PartName, host: str) -> str:
    """Return the two backends of a part: who is ready, and while nobody is, anybody."""
    servers = _REPLICAS if part == "proxy" else _ONE
    return "".join(_formatted(template + servers, part, part, host) for template in (_READY, _UNREADY))


def _formatted(template: str, name: str, part: PartName, host: str) -> str:
    return template.format(name=name, part=part, host=host, port=CONTAINER_PORT, replicas=MAX_REPLICAS)
