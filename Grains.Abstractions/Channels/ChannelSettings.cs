namespace Hype.Grains.Abstractions.Channels;

/// <summary>What a channel's owner decides; stored before a change is acknowledged.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSettings")]
public sealed record ChannelSettings
{
    public static readonly ChannelSettings Default = new();

    [Id(0)]
    public ModePolicy Mode { get; init; } = ModePolicy.Auto;

    /// <summary>Members admitted at most; null takes the cluster's limit (<c>Hype:Channels:MaxParticipants</c>). Range 1–10,000.</summary>
    [Id(1)]
    public int? MaxParticipants { get; init; }
}

/// <summary>An identity that may not join until <see cref="Until"/> (null: for ever).</summary>
[GenerateSerializer, Immutable, Alias("hype.Ban")]
public sealed record Ban([property: Id(0)] string Identity, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset? Until);
