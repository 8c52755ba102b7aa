"""The choice about cookies, made from the policy: what is shown, what may be chosen, how it is kept
(LEK 9 kap. 28 §; art. 4.11, 7).

`shown` makes all that the banner and the plain page show; `choice` reads and writes what a visitor chose;
`literal` and `foreign` read the configurations of other tools.
"""

from lofte.policy.cookies.shown import Shown as Shown
from lofte.policy.cookies.shown import shown as shown
