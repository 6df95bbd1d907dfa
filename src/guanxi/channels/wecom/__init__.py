"""WeCom 企业微信, external contacts: rules and the encrypted callback."""
