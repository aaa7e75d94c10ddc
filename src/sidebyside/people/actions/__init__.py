"""What can be done about persons and their ways in: passes, ownership, profile, attempts."""

from sidebyside.people.actions.attempts import clear_attempts, forget_attempts, give_back, note_attempt
from sidebyside.people.actions.owners import (
    begin_ownership,
    end_ownership,
    make_owner,
    name_owner,
    open_first_run,
    print_recovery_sheet,
    use_first_run,
)
from sidebyside.people.actions.passes import (
    CODES_ON_A_SLIP,
    NoWayIn,
    admit,
    forget_passes,
    give_link,
    look_at_pass,
    print_codes,
    take_back_passes,
    use_pass,
)
from sidebyside.people.actions.profiles import change_profile, set_password, sign_out_everywhere
from sidebyside.people.actions.wanting import bring_arrival_back, put_arrival_away, stop_mails, want_mails

__all__ = [
    "CODES_ON_A_SLIP",
    "NoWayIn",
    "admit",
    "begin_ownership",
    "bring_arrival_back",
    "change_profile",
    "clear_attempts",
    "end_ownership",
    "forget_attempts",
    "forget_passes",
    "give_back",
    "give_link",
    "look_at_pass",
    "make_owner",
    "name_owner",
    "note_attempt",
    "open_first_run",
    "print_codes",
    "print_recovery_sheet",
    "put_arrival_away",
    "set_password",
    "sign_out_everywhere",
    "stop_mails",
    "take_back_passes",
    "use_first_run",
    "use_pass",
    "want_mails",
]
