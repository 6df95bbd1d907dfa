"""KakaoTalk business messages through official resellers: rules only."""
