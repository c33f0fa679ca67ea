"""A made-up town of shops to show and to test with. The diagnosis never imports it."""
