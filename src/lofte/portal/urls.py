"""The addresses of the portal."""

from django.urls import path, re_path

from lofte.portal import (
    ask,
    choice,
    eid,
    exchange,
    far,
    fetch,
    form_notices,
    mine,
    own,
    preferences,
    promises,
    prove,
    receipts,
    views,
)

app_name = "portal"

urlpatterns = [
    path("", views.notice, name="notice"),
    path("health", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("notice/form.js", form_notices.script, name="form-script"),
    path("notice/form/<slug:form>", form_notices.page, name="form-notice"),
    path("notice/form/<slug:form>.html", form_notices.fragment, name="form-fragment"),
    path("notice/form/<slug:form>.json", form_notices.data, name="form-data"),
    path("notice/form/<slug:form>.txt", form_notices.words, name="form-words"),
    path("policy/tilt.json", exchange.tilt_file, name="tilt"),
    path("policy/dpv.jsonld", exchange.dpv_file, name="dpv"),
    path("promises", promises.promises_page, name="promises"),
    path("privacy/confirm/<str:token>", stop.confirm_page, name="confirm"),
    path("unsubscribe/<str:token>", stop.unsubscribe_page, name="unsubscribe"),
    path("privacy/receipt/<str:ref>", choice.receipt_page, name="choice"),
    path("privacy/receipt/<str:ref>/file", choice.receipt_json, name="choice-file"),
    path("ask", ask.ask_page, name="ask"),
    path("ask/received", ask.asked_page, name="asked"),
    path("mine", mine.mine_page, name="mine"),
    path("mine/code", prove.code_page, name="code"),
    path("mine/choices", preferences.preferences_page, name="preferences"),
    path("mine/data", own.own_page, name="own-data"),
    path("mine/receipts", receipts.receipts_page, name="receipts"),
    path("mine/receipts/<int:entry>", receipts.receipt_file, name="receipt"),
    path("mine/leave", prove.leave_page, name="leave"),
    path("mine/<str:number>/scope", far.scope_page, name="scope"),
    path("mine/<str:number>/take-back", mine.withdraw_page, name="take-back"),
    path("mine/<str:number>/fetch", fetch.own, name="fetch"),
    path("mine/<str:number>/anew", fetch.anew, name="anew"),
    path("sign-in", eid.begin, name="sign-in"),
    path("sign-in/back", eid.back, name="sign-in-back"),
    path("sign-in/cases", eid.cases, name="signed-in"),
    re_path(r"^language/(?P<code>sv|en)$", views.language, name="language"),
    re_path(r"^appearance/(?P<theme>auto|light|dark)$", views.appearance, name="appearance"),
]
