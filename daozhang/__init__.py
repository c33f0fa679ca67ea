"""到账 (DaoZhang): where a merchant's money is, why, and when it will be there."""
