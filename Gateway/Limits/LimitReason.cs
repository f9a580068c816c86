namespace Hype.Gateway.Limits;

/// <summary>Which limit was hit; a tag of <c>hype.gateway.limited</c>.</summary>
internal enum LimitReason
{
    SocketsPerAddress,
    OpenSocketsPerAddress,
    JoinsPerAddress,
    JoinsPerIdentity,
    MessagesPerSession,
    RequestsPerAddress,
}
