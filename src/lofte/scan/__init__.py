"""Looking at a website as its visitors meet it, in a browser: before a choice, after a no, after a yes, and
after the yes was taken back (LEK 9 kap. 28 §). What is seen becomes values; judging them is `policy.cookies`.
"""
