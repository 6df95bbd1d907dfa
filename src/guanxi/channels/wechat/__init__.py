"""WeChat official accounts (服务号 and 公众号): rules and signatures; sending comes with its own client."""
