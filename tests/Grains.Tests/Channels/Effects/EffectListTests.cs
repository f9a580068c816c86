using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Tests.Channels.Effects;

public sealed class EffectListTests
{
    private static readonly CloseRoom Close = new(new(1), MachineBench.NodeA);
    private static readonly Layout Layout = new(new(1), ChannelMode.P2P, ModeReason.Created, DateTimeOffset.UnixEpoch);

    [Test]
    public void Effects_are_returned_only_once_and_in_the_order_of_addition()
    {
        var effects = new EffectList();
        effects.Add(Close);
        effects.Add(new PublishToAll(new SpeakersChanged(null)));
        Assert.That(effects.Take(), Is.EqualTo(new ChannelEffect[] { Close, new PublishToAll(new SpeakersChanged(null)) }));
        Assert.That(effects.Take(), Is.Empty);
    }

    [Test]
    public void Effects_added_by_the_BeforeLayoutEvent_callback_precede_the_layout_event()
    {
        var effects = new EffectList();
        effects.BeforeLayoutEvent = () => effects.Add(Close);
        effects.Add(new PublishToAll(new SpeakersChanged(null)));
        effects.Add(new PublishToAll(new LayoutOpened(Layout)));
        effects.Add(new PublishToAll(new LayoutCommitted(Layout)));
        var types = effects.Take().Select(effect => effect is PublishToAll published ? published.Event.GetType() : effect.GetType());
        Type[] expected = [typeof(SpeakersChanged), typeof(CloseRoom), typeof(LayoutOpened), typeof(CloseRoom), typeof(LayoutCommitted)];
        Assert.That(types, Is.EqualTo(expected));
    }
}
