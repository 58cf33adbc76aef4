"""Capture a card in the vault's own fields, so that its number never enters this program.

environment   before Qt: what the web engine may read from outside
scheme        before QApplication: the address the host page lives at
origin        which vault a connection may speak to
returns, flow what the page may say, and what that means: pure code
host_page, policy, profile, page
              one load: its text, what it may fetch and where it may go
pane          the widget
"""
