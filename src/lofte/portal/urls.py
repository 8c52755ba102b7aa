"""The addresses of the portal."""

from django.urls import path, re_path

from lofte.portal import ask, eid, far, fetch, mine, own, preferences, promises, prove, receipts, views

app_name = "portal"

urlpatterns = [
    path("", views.notice, name="notice"),
    path("health", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("promises", promises.promises_page, name="promises"),
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
