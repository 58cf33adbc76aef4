"""The money core under every fault at once, deterministic: `deskpay simulate`.

The real services, the real rules of the journal and the real runner act in a world whose clock, network, disk and
property system are simulated. A seed draws a scenario (`plan`), the world plays it (`world`), a watch compares every
step with what the simulated hotel really did (`watch`), and a campaign counts, shrinks and reports (`campaign`). The
same seed gives the same run on every machine.
"""
