namespace Hype.Grains.Channels.Orders;

/// <summary>The permissions of a member's endpoint: whether the node forwards audio from it, and to it.</summary>
internal readonly record struct EndpointPermissions(bool CanSpeak, bool CanListen);
