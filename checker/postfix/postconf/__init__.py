"""What postconf(1) prints: its own view of main.cf and master.cf, which differs from what any daemon sees."""
