"""Statements of standards become plain text, and what is no markup stays as it is."""

import pytest

from sidebyside.base.unaccented import unaccented
from sidebyside.materials.plain_statements import plain


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<p>Know <b>it</b></p><ul><li>one</li><li>two</li></ul>", "Know it one two"),
        ("Count<br/>on<br>and on", "Count on and on"),
        ('<a href="javascript:x">Read</a> <img src=x onerror=alert(1)> on', "Read on"),
        ("<script>alert(1)</script>Read<style>p{}</style>", "Read"),
        ("&lt;script&gt; is a tag &amp; 3&nbsp;&lt;&nbsp;4", "<script> is a tag & 3 < 4"),
        ("x < 3 and y > 2, a<b and c>d, <3", "x < 3 and y > 2, a<b and c>d, <3"),
        ("10<sup>-3</sup> m<sup>2</sup>, H<sub>2</sub>O, a<sub>ij</sub>", "10⁻³ m², H₂O, a_(ij)"),
        (r"Add $\frac{1}{2}$ and $\frac{a+b}{c}$", "Add 1/2 and (a+b)/c"),
        (r"\(x^2 + y_1 \le \sqrt{3}\), $x^{2n}$, \[30^\circ\]", "x² + y₁ ≤ √3, x²ⁿ, 30°"),
        (r"$$\text{if } a \neq b$$", "if a ≠ b"),
        (r"$\overline{AB} \parallel \overline{CD}$", "AB ∥ CD"),
        (r"$50\%$ of $n$", "50% of n"),
        ("It costs $5, and $10 more. US$ 3", "It costs $5, and $10 more. US$ 3"),
        (r"$\begin{matrix}1\end{matrix}$", r"$\begin{matrix}1\end{matrix}$"),
        (r"$\frac{1}{$ and $}$", r"$\frac{1}{$ and $}$"),
        (r"C:\maps and \alpha", r"C:\maps and \alpha"),
        ("  a\n\tb  ", "a b"),
    ],
)
def test_markup_becomes_plain_text(written, said) -> None:
    assert plain(written) == said


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Ångström  ŁÓDŹ Đà Nẵng", "angstrom lodz da nang"),
        ("Straße, Øre, æ, İstanbul", "strasse, ore, ae, istanbul"),
        ("हिन्दी किताब", "हिन्दी किताब"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("مُعَلِّم كـتاب", "معلم كتاب"),
        ("שָׁלוֹם", "שלום"),
        ("한국어", "한국어"),
        ("ＡＢＣ　１２", "abc 12"),
        ("one’s “own” – a\u200bb", 'one\'s "own" - ab'),
    ],
)
def test_text_is_searched_without_accents_in_any_script(written, searched) -> None:
    assert unaccented(written) == searched
    assert unaccented(searched) == searched
