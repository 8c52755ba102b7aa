"""Those who work here: a list for whoever adds them, and the page where a new one sets their password."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lofte.accounts import staff
from lofte.accounts.models import Handler, RoleChoice
from lofte.accounts.roles import Permission, Role
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.refusals import said
from lofte.errors import LofteError


class Add(forms.Form):
    """Somebody new."""

    name = forms.CharField(label=lazy("Name"), max_length=150)
    email = forms.EmailField(label=lazy("E-mail address"), help_text=lazy("They sign in with it."))
    role = forms.ChoiceField(label=lazy("Role"), choices=[("", lazy("Choose")), *RoleChoice.choices])


class Change(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=lazy("Role"), choices=RoleChoice.choices)


class First(forms.Form):
    """The code that an administrator gave, and a password of one's own."""

    email = forms.EmailField(
        label=lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=lazy("Code"),
        help_text=lazy("From whoever added you."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=lazy("New password"),
        help_text=lazy(
            "At least twelve characters. Three or four words that do not belong together are good."
        ),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=lazy("The same password again"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any] | None:
        """The two are the same."""
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", gettext("The two are not the same; try again."))
        return cleaned


@require_safe
@allowed(Permission.ADD_HANDLERS)
@acting("handlers")
def page(request: HttpRequest) -> HttpResponseBase:
    """Who works here, and as what."""
    found = list(Handler.objects.order_by("-is_active", "first_name", "email"))
    has = staff.second_step(found)
    lines = [(each, has[each.pk]) for each in found]
    return render(request, "console/handlers.html", {"here": "handlers", "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.ADD_HANDLERS)
@acting("handlers")
def add(request: HttpRequest) -> HttpResponseBase:
    """Add somebody; the code with which they set their password is shown once."""
    form = Add(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, handler(request)
        try:
            made, code = staff.invite(
                at_work().house, email=given["email"], role=Role(given["role"]), name=given["name"], by=by
            )
        except LofteError as error:
            form.add_error(None, said(error))
        else:
            return _code(request, made, code)
    return render(request, "console/handler_new.html", {"here": "handlers", "form": form})


@require_safe
@allowed(Permission.ADD_HANDLERS)
@acting("handlers")
def one(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One of them, and what may be done."""
    found = get_object_or_404(Handler, ref=ref)
    page = {
        "here": "handlers",
        "who": found,
        "has_second_step": staff.second_step([found])[found.pk],
        "tokens": found.tokens.filter(ended=None, until__gt=at_work().house.now).count(),
        "own": found.pk == handler(request).pk,
        "form": Change(initial={"role": found.role}),
    }
    return render(request, "console/handler.html", page)


@require_POST
@allowed(Permission.ADD_HANDLERS)
@acting("handler", "ref")
def role(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Give another role."""
    found, form = get_object_or_404(Handler, ref=ref), Change(request.POST)
    if form.is_valid():
        staff.change_role(at_work().house, found, Role(form.cleaned_data["role"]), by=handler(request))
        messages.success(request, _("The role is changed, from the next page they open."))
    return redirect("console:handler", ref=ref)


@require_POST
@allowed(Permission.ADD_HANDLERS)
@acting("handler", "ref")
def off(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Switch the account off."""
    staff.switch_off(at_work().house, get_object_or_404(Handler, ref=ref), by=handler(request))
    messages.success(request, _("The account is closed, with its sessions and the programs it let in."))
    return redirect("console:handler", ref=ref)


@require_POST
@allowed(Permission.ADD_HANDLERS)
@acting("handler", "ref")
def on(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Switch the account on again."""
    staff.switch_on(at_work().house, get_object_or_404(Handler, ref=ref), by=handler(request))
    messages.success(request, _("The account is open again."))
    return redirect("console:handler", ref=ref)


@require_POST
@allowed(Permission.ADD_HANDLERS)
@acting("handler", "ref")
def out(request: HttpRequest, ref: str) -> HttpResponseBase:
    """End all sessions and tokens."""
    staff.sign_out(at_work().house, get_object_or_404(Handler, ref=ref), by=handler(request))
    messages.success(request, _("All that was signed in is signed out, and no program of theirs is let in."))
    return redirect("console:handler", ref=ref)


@require_POST
@allowed(Permission.ADD_HANDLERS)
@acting("handler", "ref")
def anew(request: HttpRequest, ref: str) -> HttpResponseBase:
    """A new code, for a password or a second step that is lost."""
    found = get_object_or_404(Handler, ref=ref)
    return _code(request, found, staff.start_anew(at_work().house, found, by=handler(request)))


@sensitive_post_parameters("code", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponseBase:
    """Whoever was given a code sets their password. Nobody is signed in here."""
    form = First(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if not ratelimit.consume(request, action="login_failed", key=given["email"].lower()):
            form.add_error(None, _("Too many attempts. Wait a quarter of an hour, then try again."))
        else:
            try:
                staff.set_password(
                    at_work().house, email=given["email"], code=given["code"], password=given["password"]
                )
            except LofteError as error:
                form.add_error(None, said(error))
            else:
                messages.success(request, _("The password is set. Sign in with it."))
                return redirect("account_login")
    answer = render(request, "console/first.html", {"form": form})
    add_never_cache_headers(answer)
    return answer


def _code(request: HttpRequest, made: Handler, code: str) -> HttpResponseBase:
    page = {"here": "handlers", "who": made, "code": code, "url": at_work().house.url}
    return render(request, "console/handler_code.html", page)
