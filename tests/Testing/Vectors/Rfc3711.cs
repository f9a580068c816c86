namespace Hype.Testing.Vectors;

/// <summary>The test vectors of RFC 3711 appendix B, and of RFC 6188 §7.2 for the 256-bit key derivation.</summary>
public static class Rfc3711
{
    /// <summary>Appendix B.2: the key stream for SSRC 0 and index 0, at the named blocks of 16 bytes.</summary>
    public static class CounterMode
    {
        public static readonly byte[] SessionKey = Convert.FromHexString("2B7E151628AED2A6ABF7158809CF4F3C");
        public static readonly byte[] SessionSalt = Convert.FromHexString("F0F1F2F3F4F5F6F7F8F9FAFBFCFD");

        public static readonly IReadOnlyDictionary<int, byte[]> KeyStream = new Dictionary<int, byte[]>
        {
            [0x0000] = Convert.FromHexString("E03EAD0935C95E80E166B16DD92B4EB4"),
            [0x0001] = Convert.FromHexString("D23513162B02D0F72A43A2FE4A5F97AB"),
            [0x0002] = Convert.FromHexString("41E95B3BB0A2E8DD477901E4FCA894C0"),
            [0xFEFF] = Convert.FromHexString("EC8CDF7398607CB0F2D21675EA9EA1E4"),
            [0xFF00] = Convert.FromHexString("362B7C3C6773516318A077D7FC5073AE"),
            [0xFF01] = Convert.FromHexString("6A2CC3787889374FBEB4C81B17BA6C44"),
        };
    }

    /// <summary>Appendix B.3: the key derivation from a 128-bit master key.</summary>
    public static class KeyDerivation
    {
        public static readonly byte[] MasterKey = Convert.FromHexString("E1F97A0D3E018BE0D64FA32C06DE4139");
        public static readonly byte[] MasterSalt = Convert.FromHexString("0EC675AD498AFEEBB6960B3AABE6");
        public static readonly byte[] CipherKey = Convert.FromHexString("C61E7A93744F39EE10734AFE3FF7A087");
        public static readonly byte[] CipherSalt = Convert.FromHexString("30CBBC08863D8C85D49DB34A9AE1");

        public static readonly byte[] AuthenticationKey = Convert.FromHexString(
            "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF7227098" +
            "6371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2");
    }

    /// <summary>RFC 6188 §7.2: the key derivation from a 256-bit master key.</summary>
    public static class KeyDerivation256
    {
        public static readonly byte[] MasterKey = Convert.FromHexString(
            "F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B6");
        public static readonly byte[] MasterSalt = Convert.FromHexString("3B04803DE51EE7C96423AB5B78D2");
        public static readonly byte[] CipherKey = Convert.FromHexString(
            "5BA1064E30EC51613CAD926C5A28EF731EC7FB397F70A960653CAF06554CD8C4");
        public static readonly byte[] CipherSalt = Convert.FromHexString("FA31791685CA444A9E07C6C64E93");
        public static readonly byte[] AuthenticationKey = Convert.FromHexString("FD9C32D39ED5FBB5A9DC96B30818454D1313DC05");
    }
}
