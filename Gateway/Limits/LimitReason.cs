namespace Hype.Gateway.Limits;

/// <summary>The limit that refused; a tag of <c>hype.gateway.limited</c>.</summary>
internal enum LimitReason
{
    SocketsPerAddress,
    OpenSocketsPerAddress,
    JoinsPerAddress,
    JoinsPerIdentity,
    MessagesPerSession,
    RequestsPerAddress,
}
