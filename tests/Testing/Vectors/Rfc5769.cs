namespace Hype.Testing.Vectors;

/// <summary>
/// The test vectors of RFC 5769 §2: STUN messages with short-term credentials, byte for byte (their padding is 0x20, not zero).
/// </summary>
public static class Rfc5769
{
    public const string Password = "VOkJxbRl1RmTxUk/WvJxBt";
    public const string LocalUfrag = "evtj";
    public const string RemoteUfrag = "h6vY";

    /// <summary>The port of both mapped addresses: 192.0.2.1 and 2001:db8:1234:5678:11:2233:4455:6677.</summary>
    public const ushort MappedPort = 32853;

    public static readonly byte[] TransactionId = Convert.FromHexString("b7e7a701bc34d686fa87dfae");

    /// <summary>The STUN binding request of §2.1.</summary>
    public static readonly byte[] Request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff" +
        "80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" +
        "80280004e57a3bcf");

    /// <summary>The STUN binding response of §2.2, with an IPv4 address.</summary>
    public static readonly byte[] ResponseIPv4 = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643" +
        "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");

    /// <summary>The STUN binding response of §2.3, with an IPv6 address.</summary>
    public static readonly byte[] ResponseIPv6 = Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179" +
        "bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c");
}
