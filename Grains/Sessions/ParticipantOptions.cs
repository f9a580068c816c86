using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Sessions;

/// <summary>How sessions behave; bound from <c>Hype:Participants</c>.</summary>
public sealed record ParticipantOptions
{
    public const string Section = "Hype:Participants";

    /// <summary>P2P signals that wait for a session whose socket is away. Default 256, range 1–10,000.</summary>
    public int MaxPendingSignals { get; init; } = 256;
}

internal sealed class ParticipantOptionsValidator : IValidateOptions<ParticipantOptions>
{
    public ValidateOptionsResult Validate(string? name, ParticipantOptions options) => new OptionChecks(ParticipantOptions.Section)
        .Range(nameof(options.MaxPendingSignals), options.MaxPendingSignals, 1, 10_000)
        .Result();
}
