using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// One end of a link of the cascade, complete: this room's loudest speakers are sent over it to another room of the channel, and
/// what comes over it is heard here and never sent on. SRTP with AEAD_AES_128_GCM (RFC 7714); the keys live as long as the link.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.LinkSpec")]
public sealed record LinkSpec
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    /// <summary>The room of this end.</summary>
    [Id(1)]
    public required RoomEpoch Epoch { get; init; }

    /// <summary>The same at both ends, and used once.</summary>
    [Id(2)]
    public required string Link { get; init; }

    /// <summary>Where the other room's worker listens.</summary>
    [Id(3)]
    public required NodeCandidate Remote { get; init; }

    /// <summary>16 bytes of master key, 12 of master salt.</summary>
    [Id(4)]
    public required byte[] SendKey { get; init; }

    /// <inheritdoc cref="SendKey"/>
    [Id(5)]
    public required byte[] ReceiveKey { get; init; }

    /// <summary>One per slot.</summary>
    [Id(6)]
    public required ImmutableArray<Ssrc> SendSsrcs { get; init; }

    /// <inheritdoc cref="SendSsrcs"/>
    [Id(7)]
    public required ImmutableArray<Ssrc> ReceiveSsrcs { get; init; }

    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"LinkSpec {{ {Channel}, {Epoch}, {Link} }}";
}
