"""Statements of standards as plain text: what was written as HTML or LaTeX, in signs that every page can show.

Only what is surely markup is touched: a tag that HTML knows, a formula between its marks. "x < 3" stays. A formula
that is not understood stays as it was written. Pure: no Django.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# A tag: a name that HTML knows, and nothing in it but attributes. So "a<b and c>d" is none.
NAMES = (
    "a|abbr|address|article|aside|b|big|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|dfn|div|dl|dt|em"
    "|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|li|link|main|mark|math"
    "|meta|mfrac|mi|mn|mo|mrow|msqrt|msub|msup|nav|nobr|object|ol|p|picture|pre|q|s|samp|script|section|small|span"
    "|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var|video|wbr"
)
ATTRIBUTE = r"\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+)"
TAG = re.compile(rf"<(/?)({NAMES})((?:{ATTRIBUTE})*)\s*/?>", re.IGNORECASE)
UNSEEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>|<!--[^<>]*-->", re.IGNORECASE)
RAISED = re.compile(r"<(su[bp])>([^<>]{1,20})</\1>", re.IGNORECASE)
INLINE = (
    "a abbr b big cite code del dfn em font i ins kbd mark math mi mn mo mrow nobr q s samp small span strike strong"
    " sub sup tt u var wbr"
)
WITHIN_A_LINE = frozenset(INLINE.split())
# Dollars hold a formula where it touches them on both sides: "$5 and $10" are two prices.
FORMULA = re.compile(
    r"\\\(((?:[^\\]|\\[^()\[\]]){1,2000})\\\)|\\\[((?:[^\\]|\\[^()\[\]]){1,2000})\\\]"
    r"|\$\$([^$]{1,2000})\$\$|(?<!\\)\$(?=\S)([^$\n]{1,1000})(?<=\S)\$(?!\d)"
)
# Between single dollars: with signs of formulas in it, or short and without a word.
IS_FORMULA = re.compile(r"[\\^_{}]|^(?!.*[^\W\d_]{2})[\w\s=+*/<>().,-]{1,30}$")
SIGN = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}^_~&]|[^\\{}^_~&]+", re.DOTALL)
DEEPEST = 20

HIGH = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOW = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
COMMANDS = (
    "times div cdot pm mp le leq ge geq ne neq approx equiv cong sim propto infty angle triangle perp parallel"
    " degree circ in notin subset subseteq cup cap emptyset forall exists to rightarrow leftarrow Rightarrow"
    " leftrightarrow therefore because ldots dots cdots prime sum prod int partial nabla sqrt lt gt ast star"
    " alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon"
    " phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
SIGNS = (
    "× ÷ · ± ∓ ≤ ≤ ≥ ≥ ≠ ≠ ≈ ≡ ≅ ∼ ∝ ∞ ∠ △ ⊥ ∥ ° ° ∈ ∉ ⊂ ⊆ ∪ ∩ ∅ ∀ ∃ → → ← ⇒ ↔ ∴ ∵ … … … ′ ∑ ∏ ∫ ∂ ∇ √ < > * ⋆"
    " α β γ δ ε ε ζ η θ ι κ λ μ ν ξ π ρ σ τ υ φ φ χ ψ ω Γ Δ Θ Λ Ξ Π Σ Φ Ψ Ω"
)
WORDS = dict(zip(COMMANDS.split(), SIGNS.split(), strict=True))
# Commands that only say how what follows looks.
APPEARANCE = (
    "text textbf textit textrm mathrm mathbf mathit mathbb operatorname mbox left right big Big displaystyle overline"
    " underline vec hat bar boxed limits bigl bigr Bigl Bigr"
)
LOOKS = frozenset(APPEARANCE.split())
SPACES = frozenset(["\\,", "\\;", "\\:", "\\ ", "\\!", "\\\\", "\\quad", "\\qquad", "~", "&"])


class _NotUnderstood(Exception):
    """A formula that says more than can be written in a line."""


def plain(text: str) -> str:
    """A statement as one line of plain text."""
    if "\\" in text or "$" in text:
        text = FORMULA.sub(_formula, text)
    if "<" in text:
        text = UNSEEN.sub(" ", text)
        text = RAISED.sub(lambda found: raised(found[2], found[1].lower() == "sup"), text)
        text = TAG.sub(lambda found: "" if found[2].lower() in WITHIN_A_LINE else " ", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())


def raised(text: str, high: bool) -> str:
    """A small text set high or low: in raised or lowered signs where there are such, else after ^ or _."""
    table = HIGH if high else LOW
    if text == "°" and high:
        return text
    if text and all(ord(sign) in table for sign in text):
        return text.translate(table)
    return ("^" if high else "_") + (text if len(text) == 1 else f"({text})")


def _formula(found: re.Match[str]) -> str:
    inner = next(group for group in found.groups() if group is not None)
    if found[4] is not None and not IS_FORMULA.search(inner):
        return found[0]  # two prices, and words between them
    try:
        return _Formula(inner).all()
    except _NotUnderstood:
        return found[0]


class _Formula:
    """One formula, read sign by sign."""

    def __init__(self, text: str) -> None:
        self._signs: Iterator[str] = iter(SIGN.findall(text))
        self._rest = ""
        self._depth = 0

    def all(self) -> str:
        """The whole formula in a line."""
        found = []
        while sign := self._next():
            if sign == "}":
                raise _NotUnderstood
            found.append(self._said(sign))
        return "".join(found).strip()

    def _next(self) -> str:
        sign, self._rest = self._rest or next(self._signs, ""), ""
        return sign

    def _said(self, sign: str) -> str:
        if sign == "{":
            return self._group()
        if sign in "^_":
            return raised(self._argument(), sign == "^")
        if sign in SPACES:
            return "" if sign == "\\!" else " "
        if not sign.startswith("\\"):
            return sign
        name = sign[1:].rstrip("*")
        if name in ("frac", "dfrac", "tfrac"):
            return f"{_held(self._argument())}/{_held(self._argument())}"
        if name == "sqrt":
            return f"√{_held(self._argument())}"
        if name in WORDS:
            return WORDS[name]
        if name in LOOKS:
            return ""
        if not name.isalpha():
            return name  # \%, \$, \{ and the like stand for themselves
        if name in ("sin", "cos", "tan", "log", "ln", "lim", "max", "min", "exp", "gcd"):
            return name + " "
        raise _NotUnderstood

    def _group(self) -> str:
        """What stands up to the closing brace."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise _NotUnderstood
        found = []
        while (sign := self._next()) != "}":
            if not sign:
                raise _NotUnderstood
            found.append(self._said(sign))
        self._depth -= 1
        return "".join(found)

    def _argument(self) -> str:
        """The next group, or the next single sign."""
        sign = self._next().lstrip()
        if not sign or sign in "}^_":
            raise _NotUnderstood
        if sign[0] not in "\\{":
            sign, self._rest = sign[0], sign[1:]
        self._depth += 1
        if self._depth > DEEPEST:
            raise _NotUnderstood
        found = self._said(sign).strip()
        self._depth -= 1
        return found


def _held(text: str) -> str:
    """A part of a fraction or a root, in brackets where it is more than one number or name."""
    return text if re.fullmatch(r"\w+|\w+\.\w+|√?\w+", text) else f"({text})"
