using System.Security.Cryptography;
using System.Text;

namespace Hype.MediaClient;

/// <summary>The ICE credentials of one side of a transport, which authenticate connectivity checks (RFC 8839 §5.4).</summary>
internal sealed record IceCredentials(string Ufrag, string Pwd)
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public byte[] PwdBytes { get; } = Encoding.ASCII.GetBytes(Pwd);

    public byte[] UfragBytes { get; } = Encoding.ASCII.GetBytes(Ufrag);

    public static IceCredentials New() => new(RandomNumberGenerator.GetString(IceChars, 8), RandomNumberGenerator.GetString(IceChars, 24));
}
