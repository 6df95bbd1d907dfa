"""The console's addresses; `door` refuses a page that names no permission."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guanxi.console import entrance, loyalty, members, results
from guanxi.console.access import door
from guanxi.console.act import builder, calendar, campaigns, replies, segments, writing
from guanxi.console.influence import ambassadors, cascade, circles, contents
from guanxi.console.influence import map as fan_map
from guanxi.console.people import customer, customers, fan, fans, groups, links, scores
from guanxi.console.today import page as today
from guanxi.console.trust import accounts, behind, health, leash, said, settings

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
    door("", today.today, "today"),
    door("people/fans/", fans.fan_list, "fans"),
    door("people/fans/<int:pk>/", fan.fan, "fan"),
    door("people/fans/<int:pk>/score/", scores.score_trace, "score_trace"),
    door("people/fans/<int:pk>/activities/", scores.activities, "fan_activities"),
    door("people/scores/", scores.score_weights, "score_weights"),
    door("people/scores/topic/", scores.weigh_topic, "weigh_topic"),
    door("people/customers/", customers.customer_list, "customers"),
    door("people/customers/<int:pk>/", customer.customer, "customer"),
    door("people/links/", links.links, "links"),
    door("people/links/<int:pk>/", links.link, "link"),
    door("people/links/<int:pk>/<slug:decision>/", links.decide_link, "decide_link"),
    door("people/groups/", groups.group_list, "groups"),
    door("people/groups/<int:pk>/", groups.group_page, "group"),
    door("influence/ambassadors/", ambassadors.ambassadors, "ambassadors"),
    door("influence/ambassadors/<int:fan>/", ambassadors.ambassador, "ambassador"),
    door(
        "influence/ambassadors/<int:fan>/<slug:decision>/", ambassadors.decide_ambassador, "decide_ambassador"
    ),
    door("influence/ties/<int:influencer>/<int:influenced>/", ambassadors.tie, "tie"),
    door("influence/content/", contents.content_list, "content"),
    door("influence/content/<int:pk>/", contents.content_page, "content_page"),
    door("influence/content/<int:pk>/cascade/", cascade.cascade_page, "cascade"),
    door("influence/circles/", circles.circles_page, "circles"),
    door("people/fans/<int:pk>/circle/", circles.fan_circle, "fan_circle"),
    door("influence/map/", fan_map.map_page, "map"),
    door("influence/map/graph/", fan_map.map_graph, "map_graph"),
    door("act/segments/", segments.segments, "segments"),
    door("act/segments/new/", builder.new_segment, "new_segment"),
    door("act/segments/save/", builder.save_segment, "save_segment"),
    door("act/segments/count/", builder.count_question, "count_question"),
    door("act/segments/compose/", builder.compose_question, "compose_question"),
    door("act/segments/inputs/", builder.condition_inputs, "condition_inputs"),
    door("act/segments/<int:pk>/", segments.segment, "segment"),
    door("act/segments/<int:pk>/why/", segments.why, "why_in_segment"),
    door("act/segments/<int:pk>/change/", builder.edit_segment, "edit_segment"),
    door("act/segments/<int:pk>/ask/", builder.evaluate_segment, "evaluate_segment"),
    door("act/segments/<int:pk>/archive/", builder.archive_segment, "archive_segment"),
    door("act/campaigns/", campaigns.campaign_list, "campaigns"),
    door("act/campaigns/new/", writing.new_campaign, "new_campaign"),
    door("act/campaigns/create/", writing.create, "create_campaign"),
    door("act/campaigns/<int:pk>/", campaigns.campaign, "campaign"),
    door("act/campaigns/<int:pk>/plan/", writing.plan, "plan_campaign"),
    door("act/campaigns/<int:pk>/start/", writing.start, "start_campaign"),
    door("act/campaigns/<int:pk>/stop/", writing.stop, "stop_campaign"),
    door("act/campaigns/<int:pk>/finish/", writing.finish, "finish_campaign"),
    door("act/replies/", replies.reply_list, "replies"),
    door("act/replies/add/", replies.add, "add_reply"),
    door("act/replies/<int:pk>/", replies.edit, "reply"),
    door("act/replies/<int:pk>/change/", replies.change, "change_reply"),
    door("act/replies/<int:pk>/raise/", replies.raise_, "raise_reply"),
    door("act/replies/<int:pk>/delete/", replies.delete, "delete_reply"),
    door("act/calendar/", calendar.month, "calendar"),
    door("results/", results.results, "results"),
    door("loyalty/", loyalty.loyalty, "loyalty"),
    door("loyalty/members/", members.member_list, "members"),
    door("loyalty/members/<int:identity>/", loyalty.statement, "statement"),
    door("trust/leash/", leash.leash, "leash"),
    door("trust/leash/people/", behind.people, "behind_leash"),
    door("trust/leash/<slug:standing>/", said.said, "said"),
    door("trust/health/", health.health, "health"),
    door("trust/health/quarantine/", health.quarantine, "quarantine"),
    door("trust/health/heard/", health.heard, "heard"),
    door("trust/settings/", settings.settings, "settings"),
    door("trust/settings/accounts/new/", accounts.new_account, "new_account"),
    door("trust/settings/accounts/add/", accounts.add, "add_account"),
    door("trust/settings/accounts/<slug:platform>/<str:name>/", accounts.account, "account"),
    door("trust/settings/accounts/<slug:platform>/<str:name>/change/", accounts.change, "change_account"),
    door("trust/settings/accounts/<slug:platform>/<str:name>/remove/", accounts.remove, "remove_account"),
    door("trust/settings/users/<int:pk>/", settings.change_user, "change_user"),
]
