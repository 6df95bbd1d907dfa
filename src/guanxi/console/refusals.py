"""Why something that was asked for was refused, as sentences; nothing was changed by what is refused."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_MEANWHILE = _("Somebody changed this meanwhile; look again and repeat.")
_TOO_LONG = _("This is too long.")
_NAME_TAKEN = _("There is one with this name already.")
_NAME_UNFIT = _("This name is empty, too long, or holds signs that a name can't.")
_OUT_OF_RANGE = _("This number is out of range.")

_GENERAL: dict[str, Promise] = {
    "not_permitted": _("Your role does not allow this."),
    "not_found": _("There is nothing with this number."),
    "form_incomplete": _("Something is missing."),
    "reason_missing": _("Please say why."),
    "number_unreadable": _("This number can't be read."),
    "filter_unknown": _("There is no such filter."),
    "name_taken": _NAME_TAKEN,
    "role_unknown": _("There is no such role."),
    "own_role_stays": _("Nobody changes their own role or admission."),
    "purpose_unknown": _("There is no such purpose."),
    "time_without_zone": _("This time names no time zone."),
    "no_such_fan": _("There is no such fan, or they have been erased."),
    "no_such_customer": _("There is no such customer, or they have been erased."),
    "no_such_content": _("There is no such content."),
    "no_such_write_key": _("There is no such key."),
    "consent_unproven": _("Consent must name its source."),
    "suppression_of_nobody": _("This names nobody."),
}
_LINKS: dict[str, Promise] = {
    "no_such_link": _("There is no such link."),
    "link_is_undone": _("The link is undone; let it stand again first."),
    "link_not_undone": _("The link is not undone."),
    "link_exists": _("These two are linked already."),
    "links_moved_meanwhile": _MEANWHILE,
}
_QUESTIONS: dict[str, Promise] = {
    "question_unreadable": _("The question can't be read."),
    "question_too_long": _TOO_LONG,
    "question_too_deep": _("The question is nested too deeply."),
    "question_too_large": _("The question has too many conditions."),
    "question_window_empty": _("The span of time is empty."),
    "question_window_too_long": _("The span of time is too long."),
    "question_operator_unfit": _("This comparison does not fit the field."),
    "question_word_unfit": _("This word does not belong here."),
    "question_values_unfit": _("These values do not fit the field."),
    "question_values_of_two_sorts": _("These values are of different sorts."),
    "question_value_unknown": _("The field has no such value."),
    "question_value_unfit": _("This value does not fit the field."),
    "question_value_not_ordered": _("The field has no order: it can be equal or not, never more or less."),
    "question_side_unknown": _("There is no such side."),
    "question_orders_have_no_topic": _("Orders have no topic."),
    "question_number_too_large": _OUT_OF_RANGE,
    "question_kinds_unfit": _("These activities can't be counted here."),
    "question_kinds_of_two_sides": _("Social and buying activities can't be counted together."),
    "question_json_unreadable": _("The question can't be read."),
    "question_group_too_small": _("A group needs at least two conditions."),
    "no_such_segment": _("There is no such segment."),
    "segment_changed_meanwhile": _MEANWHILE,
    "segment_name_unfit": _NAME_UNFIT,
    "segment_name_taken": _NAME_TAKEN,
    "holdout_share_unfit": _OUT_OF_RANGE,
    "holdout_period_unfit": _("This is no period."),
}
_CAMPAIGNS: dict[str, Promise] = {
    "no_such_campaign": _("There is no such campaign."),
    "campaign_over": _("The campaign is over."),
    "campaign_unplanned": _("Plan the campaign first."),
    "campaign_still_sending": _("Messages of the campaign are still on their way."),
    "campaign_name_unfit": _NAME_UNFIT,
    "campaign_name_taken": _NAME_TAKEN,
    "message_kind_unfit": _("A campaign can't use this kind of message on this platform."),
    "message_unreadable": _("The message can't be read."),
    "message_for_another": _("The message belongs to another campaign."),
    "template_unreadable": _("The text can't be read: a bracket is left open."),
    "template_variable": _("The text names something that can't be filled in."),
    "template_length": _TOO_LONG,
    "template_without_words": _("The text says nothing."),
    "channel_unnamed": _("Name the channel."),
    "channel_unfit": _("This channel can't send."),
    "channel_cannot_send": _("This channel can't send."),
    "channel_settings": _("The account's settings are incomplete."),
    "encoding_key": _("The account's key can't be read."),
    "signature": _("The signature is wrong."),
    "event_unknown": _("There is no such event."),
    "hours_empty": _("The hours are empty."),
    "hours_never_open": _("These hours never meet the platform's."),
    "cap_negative": _OUT_OF_RANGE,
    "cap_without_window": _("A cap needs a number of days."),
    "rules_unreadable": _("A platform's rules can't be read."),
    "rules_repeated": _("A platform states a rule twice."),
}
_LOYALTY: dict[str, Promise] = {
    "no_open_programme": _("No programme is open."),
    "programme_already_open": _("A programme is open already."),
    "programme_unreadable": _("The programme can't be read."),
    "no_such_account": _("They hold no loyalty account."),
    "no_such_rule": _("There is no such rule."),
    "no_such_reward": _("There is no such reward."),
    "no_such_entry": _("There is no such entry."),
    "no_such_redemption": _("There is no such redemption."),
    "rule_unreadable": _("The rule can't be read."),
    "reward_unreadable": _("The reward can't be read."),
    "reward_forbidden": _("The platform forbids rewarding this."),
    "reward_out_of_stock": _("None of this reward is left."),
    "redemption_ended": _("The redemption is over."),
    "redemption_conflict": _("The same number was used for another redemption."),
    "balance_too_low": _("There are not enough points."),
    "tiers_unreadable": _("The tiers can't be read."),
    "tiers_unordered": _("A higher tier is easier to reach than a lower one."),
    "entry_unreadable": _("The entry can't be read."),
    "entry_unbalanced": _("The entry does not sum to zero."),
    "entry_conflict": _("The same number was used for another entry."),
    "entry_not_reversible": _("This entry can't be reversed."),
    "entry_already_reversed": _("This entry is reversed already."),
    "entry_kind_not_bookable": _("This kind of entry can't be booked by hand."),
    "activity_already_booked": _("This activity has earned its points already."),
    "earning_moved_meanwhile": _MEANWHILE,
    "account_reason_unknown": _("An account needs one of the known reasons."),
}
_INFLUENCE: dict[str, Promise] = {
    "no_such_ambassador": _("There is no such ambassador."),
    "ambassador_not_there_yet": _("They are not that far yet."),
    "graph_empty": _("Nobody has moved anybody yet, as far as we can see."),
    "nobody_may_be_chosen": _("Nobody is left who may be chosen."),
}
REFUSALS: dict[str, Promise] = {**_GENERAL, **_LINKS, **_QUESTIONS, **_CAMPAIGNS, **_LOYALTY, **_INFLUENCE}
