"""The face towards visitors of websites: the banner's files, and the plain page about cookies."""
