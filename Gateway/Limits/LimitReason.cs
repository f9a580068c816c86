namespace Hype.Gateway.Limits;

/// <summary>The limit that refused a request; a label of <c>hype.gateway.limited</c>.</summary>
internal enum LimitReason
{
    SocketsPerAddress,
    OpenSocketsPerAddress,
    JoinsPerAddress,
    JoinsPerIdentity,
    MessagesPerSession,
    CallsPerSession,
    SignalBytesPerSession,
    RequestsPerAddress,
    WatchesPerIdentity,
}
