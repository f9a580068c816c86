namespace Hype.Grains.Channels.Orders;

/// <summary>The directions in which a member's endpoint may carry audio.</summary>
internal readonly record struct EndpointPermissions(bool CanSpeak, bool CanListen);
