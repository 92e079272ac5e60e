"""Reasons and assumptions in other languages than English, in which they are made: by their templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from checker.result import Language

SPANISH: Mapping[str, str] = {
    "a table, a policy service or DNS decides, and it is not read": (
        "lo decide una tabla, un servicio de políticas o el DNS, que no se leen"
    ),
    "the SASL server offers the mechanisms, and its configuration is not read": (
        "los mecanismos los ofrece el servidor SASL, cuya configuración no se lee"
    ),
    "whether AUTH is offered varies": "que se ofrezca AUTH depende del caso",
    "{} is not read": "no se lee {}",
    "{} cannot be read: {}": "no se puede leer {}: {}",
    "{} is not in the set": "{} no forma parte de lo leído",
    "{} lies outside of what is checked": "{} queda fuera de lo que se comprueba",
    "more than {} files are named": "se nombran más de {} ficheros",
    "more than {} patterns are not looked at": "no se miran más de {} patrones",
    "files more than {} deep are not read": "no se leen ficheros anidados a más de {} niveles",
    "tables more than {} deep are not read": "no se leen tablas anidadas a más de {} niveles",
    "{} has more than {} entries, so it is not looked at": "{} tiene más de {} entradas, así que no se mira",
    "what {} holds is {}": "lo que contiene {} {}",
    "in a database": "está en una base de datos",
    "asked of a server": "se pregunta a un servidor",
    "tables tell more than {} kinds of strangers apart": "las tablas distinguen más de {} clases de desconocidos",
    "chance decides in {}": "en {} decide el azar",
    "a pattern decides in {}": "lo decide un patrón de {}",
    "what {} checks is its own configuration": "lo que comprueba {} depende de su propia configuración",
    "what is asked about mail varies": "lo que se consulta sobre el correo depende del caso",
    "the name is filled in by a template": "el nombre lo rellena una plantilla",
    "master.cf is a template, and '{}' may belong to a service in it": (
        "master.cf es una plantilla, y «{}» puede ser de un servicio suyo"
    ),
    "without master.cf it is not known whether '{}' is read": "sin master.cf no se sabe si se lee '{}'",
    "the system chooses a port in the place of 0": "el sistema elige un puerto en lugar del 0",
    "whether daemon_directory has a program '{}'": "si daemon_directory contiene un programa '{}'",
    "the members of {} are not read": "los miembros de {} no se leen",
    "there is no master.cf, so what listens is not known": "no hay master.cf, así que no se sabe qué escucha",
    "main.cf could not be read": "no se pudo leer main.cf",
    "main.cf is not in the set": "main.cf no forma parte de lo leído",
    "the port '{}' is looked up in /etc/services": "el puerto '{}' se busca en /etc/services",
    "the address of '{}' is looked up when Postfix starts": "la dirección de '{}' se busca al arrancar Postfix",
    "the address of '{}' is looked up when Dovecot starts": "la dirección de '{}' se busca al arrancar Dovecot",
    "the address of '{}' is looked up when a client connects": (
        "la dirección de '{}' se busca cuando se conecta un cliente"
    ),
    "the addresses of '{}' are looked up when a client connects": (
        "las direcciones de '{}' se buscan cuando se conecta un cliente"
    ),
    "the address of '{}' is looked up": "la dirección de '{}' se busca cuando hace falta",
    "{} says where it is": "dónde está lo dice {}",
    "what '{}' does is not told": "no se sabe qué hace '{}'",
    "{}_sasl_password_maps is not read": "{}_sasl_password_maps no se lee",
    "the members of {}_tls_per_site are not read": "los miembros de {}_tls_per_site no se leen",
    "{} may ask for TLS, and is not read": "{} puede pedir TLS, y no se lee",
    "{} may ask for TLS wherever there is a password": "{} puede pedir TLS donde haya una contraseña",
    "whether {} asks for MTA-STS is not told": "no se sabe si {} consulta MTA-STS",
    "computed from the interfaces": "se calcula a partir de las interfaces",
    "{} comes from {}": "{} procede de {}",
    "the host name of the machine": "el nombre del equipo",
    "the network interfaces of the machine": "las interfaces de red del equipo",
    "the running process": "el proceso en marcha",
    "the build": "la compilación",
    "the machine": "el equipo",
    "it depends on the OpenSSL that the program is linked with": "depende de la OpenSSL que usa el programa",
    "the Diffie-Hellman parameters are in a file": "los parámetros Diffie-Hellman están en un fichero",
    "{} is filled in by a template": "{} lo rellena una plantilla",
    "${} is defined nowhere: a template may fill it in": (
        "${} no se define en ninguna parte: quizá lo rellene una plantilla"
    ),
    "{} has several renderings": "{} tiene varias versiones posibles",
    "inet_interfaces has several renderings": "inet_interfaces tiene varias versiones posibles",
    "it cannot be told": "no se puede saber",
    "it depends: {}": "depende: {}",
    "it depends on what is not known": "depende de lo que no se sabe",
    "more than {} combinations": "más de {} combinaciones",
    "the installed package": "el paquete instalado",
    "the host's os-release": "el os-release del equipo",
    "the language of the Dovecot files": "el lenguaje de los ficheros de Dovecot",
    "nothing names a release": "nada indica la versión",
    "which release {} packages is not known": "no se sabe qué versión empaqueta {}",
}
"""By the English template; ``{}`` stands for what comes from the configuration."""


def in_language(language: Language, text: str) -> str:
    """Return a reason in a language; one that is not in the table stays English."""
    if language == "en":
        return text
    if text in SPANISH:
        return SPANISH[text]
    for pattern, spanish in _patterns():
        if matched := pattern.fullmatch(text):
            return spanish.format(*(SPANISH.get(part, part) for part in matched.groups()))
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), spanish)
        for english, spanish in SPANISH.items()
        if "{}" in english
    )
