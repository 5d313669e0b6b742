"""Makes the pictures of mails in docs/pictures, as a person sees them: `python -m tests.pictures`.

Each kind of mail in Danish and English, as wide as a mail program shows it and as narrow as a
telephone does.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from robot.domain.notice import OutgoingMail
from tests.support.letters import letters

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
_CHROMIUM: Final = "/usr/bin/chromium"
#: Width in CSS pixels by the end of the file's name.
WIDTHS: Final = {"": 680, ".phone": 375}


def main() -> None:
    """Write all pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        for language in ("da", "en"):
            for kind, mail in letters(language).items():
                for end, width in WIDTHS.items():
                    page = browser.new_page(viewport={"width": width, "height": 200})
                    page.set_content(_opened(mail))
                    page.screenshot(path=FOLDER / f"{kind}.{language}{end}.png", full_page=True)
                    page.close()
        browser.close()


def _opened(mail: OutgoingMail) -> str:
    """The mail under a head like that of a mail program."""
    head = (
        '<div style="font:14px Arial,sans-serif;color:#333;background:#eef1f4;padding:10px 16px;'
        'border-bottom:1px solid #c5ccd3"><div style="font-weight:bold;font-size:16px;'
        f'margin-bottom:4px">{html.escape(mail.subject)}</div>{html.escape(mail.sender)}<br>'
        f"{html.escape(', '.join(mail.recipients))}</div>"
    )
    start = mail.html.index(">", mail.html.index("<body")) + 1
    return mail.html[:start] + head + mail.html[start:]


if __name__ == "__main__":
    main()
