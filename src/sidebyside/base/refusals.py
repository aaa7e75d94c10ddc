"""What a verb says when the rules say no."""


class Refused(Exception):
    """The rules say no. The first argument is a sentence for the person who asked."""

    @property
    def sentence(self) -> str:
        return str(self.args[0])


class Overtaken(Refused):
    """Somebody else saved first. `current` is the record as it stands now."""

    def __init__(self, sentence: str, *, current: object) -> None:
        super().__init__(sentence)
        self.current = current
