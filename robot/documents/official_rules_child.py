"""The child process that runs one XSLT file on one document: `python -m … RULES.xslt < DOCUMENT`.

It writes the transformation's result to standard output. Exit codes: 0 done, 3 saxonche is not
installed, 1 the rules could not run (the reason is on standard error).
"""

from __future__ import annotations

import sys

from robot.documents.official_rules import NOT_INSTALLED


def main(arguments: list[str]) -> int:
    """Transform standard input with the rule file that is named."""
    try:
        from saxonche import PySaxonApiError, PySaxonProcessor  # noqa: PLC0415 - optional extra
    except ImportError:
        return NOT_INSTALLED
    with PySaxonProcessor(license=False) as processor:
        try:
            document = processor.parse_xml(xml_text=sys.stdin.buffer.read().decode())
            rules = processor.new_xslt30_processor().compile_stylesheet(
                stylesheet_file=arguments[-1]
            )
            report = rules.transform_to_string(xdm_node=document)
        except PySaxonApiError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    sys.stdout.buffer.write((report or "<nothing/>").encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
