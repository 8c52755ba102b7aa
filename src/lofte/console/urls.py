"""The addresses of the console."""

from django.urls import path, re_path

from lofte.console import ended, erasing, holds, recipients, restrictions, reviews, rounds, views, watch

app_name = "console"

urlpatterns = [
    path("", views.request_list, name="requests"),
    path("ledger", views.ledger, name="ledger"),
    path("requests/<str:number>", views.request_page, name="request"),
    path("requests/<str:number>/package", views.package, name="package"),
    path("requests/<str:number>/plan", erasing.show, name="plan"),
    path("requests/<str:number>/approval", erasing.approval, name="approval"),
    path("requests/<str:number>/carry-out", erasing.carry_out, name="carry-out"),
    path("requests/<str:number>/again", erasing.again, name="again"),
    path("rounds", rounds.round_list, name="rounds"),
    path("rounds/new", rounds.upload, name="upload"),
    path("rounds/<str:ref>", rounds.round_page, name="round"),
    path("rounds/<str:ref>/plan", rounds.show, name="round-plan"),
    path("rounds/<str:ref>/approval", rounds.approval, name="round-approval"),
    path("rounds/<str:ref>/carry-out", rounds.carry_out, name="round-carry-out"),
    path("watch", watch.watch, name="watch"),
    path("holds", holds.hold_list, name="holds"),
    path("holds/ended", ended.hold_list, name="holds-ended"),
    path("holds/new", holds.place, name="place-hold"),
    path("holds/<str:ref>/lift", holds.lift, name="lift-hold"),
    path("restrictions", restrictions.restriction_list, name="restrictions"),
    path("restrictions/ended", ended.restriction_list, name="restrictions-ended"),
    path("restrictions/<str:number>", restrictions.restriction_page, name="restriction"),
    re_path(
        r"^restrictions/(?P<number>[^/]+)/told/(?P<what>stop|release)$",
        restrictions.told,
        name="restriction-told",
    ),
    path("restrictions/<str:number>/reach", restrictions.reach, name="restriction-reach"),
    path("restrictions/<str:number>/announce", restrictions.announce, name="restriction-announce"),
    path("restrictions/<str:number>/settle", restrictions.settle, name="restriction-settle"),
    path("restrictions/<str:number>/lift", restrictions.lift, name="restriction-lift"),
    path("recipients", recipients.recipient_list, name="recipients"),
    path("recipients/ended", ended.recipient_list, name="recipients-ended"),
    path("recipients/<str:ref>", recipients.recipient_page, name="recipient"),
    path("recipients/<str:ref>/letter", recipients.letter, name="recipient-letter"),
    path("recipients/<str:ref>/told", recipients.told, name="recipient-told"),
    path("recipients/<str:ref>/cannot", recipients.cannot, name="recipient-cannot"),
    path("reviews", reviews.review_list, name="reviews"),
    path("reviews/ended", ended.review_list, name="reviews-ended"),
    path("reviews/<str:number>", reviews.review_page, name="review"),
    path("reviews/<str:number>/take", reviews.take, name="take-review"),
]
