using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels.Effects;

/// <summary>
/// Collects the effects of a step in the order in which they must be carried out. All parts of a channel add to the same list.
/// </summary>
internal sealed class EffectList
{
    private List<ChannelEffect> _effects = [];

    /// <summary>
    /// The callback that runs before a layout event is added; it adds the roster changes that gateways must receive before the layout.
    /// </summary>
    public Action? BeforeLayoutEvent { get; set; }

    public void Add(ChannelEffect effect)
    {
        if (effect is PublishToAll { Event: LayoutOpened or LayoutCommitted })
            BeforeLayoutEvent?.Invoke();
        _effects.Add(effect);
    }

    /// <summary>Returns the collected effects and empties the list.</summary>
    public IReadOnlyList<ChannelEffect> Take()
    {
        var taken = _effects;
        _effects = [];
        return taken;
    }
}
