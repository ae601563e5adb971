"""Elements of SVG as text; whatever stands in them is escaped, and nothing is styled but by class."""

from markupsafe import Markup, escape


def element(name: str, *children: str, **attributes: object) -> Markup:
    """Write one element.

    Args:
        name: Name of the element.
        children: What stands in it: elements as they are, other text escaped.
        attributes: Values by name; ``class_`` is `class`, other underscores are hyphens.

    Returns:
        Markup.

    Example:
        >>> element("text", "a < b", x="5%", class_="muted")
        Markup('<text x="5%" class="muted">a &lt; b</text>')
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inner)
