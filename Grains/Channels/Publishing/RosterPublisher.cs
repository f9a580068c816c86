using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Channels.Publishing;

/// <summary>
/// Publishes the roster's changes: at once in a small channel, in batches above <see cref="ChannelOptions.RosterBatchAbove"/> members.
/// Gateways must know the roster before a layout is announced, so a waiting batch is published before each layout event.
/// </summary>
internal sealed class RosterPublisher
{
    private readonly ChannelOptions _options;
    private readonly Roster _roster;
    private readonly EffectList _effects;

    public RosterPublisher(ChannelOptions options, Roster roster, EffectList effects)
    {
        _options = options;
        _roster = roster;
        _effects = effects;
        effects.BeforeLayoutEvent = Publish;
    }

    /// <summary>The time at which the batch in preparation must be published; null if there is none.</summary>
    public DateTimeOffset? NextDeadline { get; private set; }

    /// <summary>Publishes the changes, unless the interval of the batch that collects them has not ended.</summary>
    public void PublishIfDue(DateTimeOffset now)
    {
        if (!_roster.HasChanges)
            return;
        if (_roster.Count > _options.RosterBatchAbove && (NextDeadline ??= now + _options.RosterBatchInterval) > now)
            return;
        Publish();
    }

    /// <summary>Publishes all changes immediately.</summary>
    public void Publish()
    {
        NextDeadline = null;
        if (_roster.Flush() is { } changes)
            _effects.Add(new PublishToAll(changes));
    }
}
