"""Letters that go out by e-mail: written from templates, kept sealed until a server has taken them."""
