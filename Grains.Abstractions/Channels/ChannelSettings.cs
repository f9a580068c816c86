namespace Hype.Grains.Abstractions.Channels;

/// <summary>The settings of a channel. The channel stores a change before it confirms the change to the caller.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSettings")]
public sealed record ChannelSettings
{
    public static readonly ChannelSettings Default = new();

    [Id(0)]
    public ModePolicy Mode { get; init; } = ModePolicy.Auto;

    /// <summary>
    /// The highest number of members; null means the limit for all channels of the cluster (<c>Hype:Channels:MaxParticipants</c>). Range
    /// 1–10,000.
    /// </summary>
    [Id(1)]
    public int? MaxParticipants { get; init; }

    /// <summary>The name that user interfaces show for the channel. At most 64 characters.</summary>
    [Id(2)]
    public string Name { get; init; } = "";

    /// <summary>Text that the application stores with the channel and reads unchanged. At most 4,096 characters.</summary>
    [Id(3)]
    public string Metadata { get; init; } = "";

    /// <summary>Returns true if all settings are within their ranges.</summary>
    public bool IsValid() =>
        Enum.IsDefined(Mode)
        && MaxParticipants is null or >= 1 and <= 10_000
        && PrintableText.FlawOfDisplay(Name, MaxName) is null
        && Metadata.Length <= MaxMetadata;

    /// <summary>Returns the settings without the application's metadata, which is not for logs.</summary>
    public override string ToString() => $"ChannelSettings {{ {Mode}, {MaxParticipants}, {Name} }}";

    private const int MaxName = 64;
    private const int MaxMetadata = 4_096;
}

/// <summary>A ban of an identity: it may not join the channel before <see cref="Until"/>; null means that the ban has no end.</summary>
[GenerateSerializer, Immutable, Alias("hype.Ban")]
public sealed record Ban([property: Id(0)] string Identity, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset? Until);
