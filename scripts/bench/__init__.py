"""Programs that measure the budgets of design §11, each limit beside its figure; run by hand with `make bench`."""
