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

    /// <summary>What people call it; the id stays what it is. At most 64 characters.</summary>
    [Id(2)]
    public string Name { get; init; } = "";

    /// <summary>The application's own, opaque to this product and given back as it came. At most 4,096 characters.</summary>
    [Id(3)]
    public string Metadata { get; init; } = "";

    /// <summary>Is everything within its range?</summary>
    public bool IsSound() => Enum.IsDefined(Mode) && MaxParticipants is null or >= 1 and <= 10_000 && Name.Length <= MaxName && Metadata.Length <= MaxMetadata && !Name.Any(char.IsControl);

    private const int MaxName = 64;
    private const int MaxMetadata = 4_096;
}

/// <summary>An identity that may not join until <see cref="Until"/> (null: for ever).</summary>
[GenerateSerializer, Immutable, Alias("hype.Ban")]
public sealed record Ban([property: Id(0)] string Identity, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset? Until);
