"""How one installation is put together: settings, store, keys, server, workspace."""
