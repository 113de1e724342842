"""What stands around a page's text without a tag that says so: menus, dialogs, cookie notices.

Only what names itself so, and is made so, is taken for one: a restaurant's ``<div id="menu">``
holds prices, a way through a site nothing but links; a page on cookies is longer than a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from index.documents.html_nesting import DROPPED

_APART_ROLES = frozenset({"dialog", "alertdialog", "search"})
_MENU_ROLES = frozenset({"menu", "menubar"})
_MENU_NAMES = frozenset(
    """
    nav navbar navigation menu menubar breadcrumb breadcrumbs
    mainnav main-nav main-navigation mainmenu main-menu site-nav site-navigation site-menu
    topnav top-nav topmenu top-menu sidenav side-nav side-menu footer-nav footer-menu
    """.split()
)
_MENU_TAGS = frozenset({"div", "section", "aside", "ul", "ol", "p", "menu"})
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_COOKIES = frozenset({"cookie", "cookies", "gdpr"})
_POPUPS = frozenset({"banner", "bar", "modal", "overlay", "popup"})
_NOTICES = _POPUPS | {"alert", "consent", "dialog", "message", "notice", "notification", "prompt"}
_NOTICE_TAGS = frozenset({"div", "section", "aside", "form", "footer", "header", "p", "span"})
_LONGEST_NOTICE = 1500  # characters; a policy is longer
_LONGEST_MENU = 300  # of one that is not made of links
_MOST_BESIDE_LINKS = 0.2  # of a menu's letters: bars and arrows are none
_MOST_WORK = 400_000  # elements, and sixteens of characters, looked at in one page


class Furniture:
    """Tells an element that is furniture, and counts what would be lost with it."""

    def __init__(self) -> None:
        self.set_aside = 0
        """Characters in menus and dialogs so far."""
        self._work_left = _MOST_WORK

    def holds(self, node: LexborNode, tag: str, is_around: bool) -> bool:
        """Whether an element is furniture, ``is_around`` if it stands outside what the page
        marks as its content. In doubt it is not.
        """
        attributes = node.attributes
        role = (attributes.get("role") or "").strip().lower()
        if tag in ("body", "main", "article") or role == "main":
            return False
        if role in _APART_ROLES or attributes.get("aria-modal") == "true" or tag == "search":
            self.set_aside += sum(len(text) for text, _ in self._texts(node))
            return self._work_left > 0
        names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".split()
        if role in _MENU_ROLES or (
            tag in _MENU_TAGS and any(name.lower() in _MENU_NAMES for name in names)
        ):
            return self._is_of_links(node) or (is_around and self._is_of_few_words(node))
        return (
            tag in _NOTICE_TAGS
            and any(map(_names_cookies, names))
            and self._is_shorter(node, _LONGEST_NOTICE)
        )

    def _is_of_links(self, node: LexborNode) -> bool:
        linked = beside = 0
        for text, is_linked in self._texts(node):
            letters = sum(map(str.isalnum, text))
            linked += letters if is_linked else 0
            beside += 0 if is_linked else letters
        if not linked or beside > _MOST_BESIDE_LINKS * (linked + beside) or self._work_left <= 0:
            return False
        self.set_aside += linked + beside
        return True

    def _is_of_few_words(self, node: LexborNode) -> bool:
        """Names of places, as a menu without links has: no figures, no prices."""
        return self._is_shorter(node, _LONGEST_MENU) and not any(
            character.isdigit() for text, _ in self._texts(node) for character in text
        )

    def _is_shorter(self, node: LexborNode, longest: int) -> bool:
        length = 0
        for text, _ in self._texts(node):
            length += len(text)
            if length > longest:
                return False
        return self._work_left > 0

    def _texts(self, root: LexborNode) -> Iterator[tuple[str, bool]]:
        """Each text below an element, folded, and whether it stands in a link."""
        waiting = [(root, False)]
        while waiting and self._work_left > 0:
            self._work_left -= 1
            node, is_linked = waiting.pop()
            tag = node.tag or ""
            if tag == "-text":
                text = " ".join((node.text_content or "").split())
                self._work_left -= len(text) // 16
                yield text, is_linked
            elif tag not in DROPPED:
                child, below = node.first_child, is_linked or "href" in node.attributes
                while child is not None:
                    waiting.append((child, below))
                    child = child.next


def _names_cookies(name: str) -> bool:
    """Whether an id or a class is called after a notice on cookies.

    >>> [_names_cookies(name) for name in ("cookie-banner", "CookieConsent", "cookies", "consent")]
    [True, True, False, False]
    """
    parts = {part.lower() for part in _PARTS.findall(name)}
    if parts & _COOKIES:
        return bool(parts & _NOTICES)
    return "consent" in parts and bool(parts & _POPUPS)
