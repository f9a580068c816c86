using System.Reflection;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Silo.Clustering;

/// <summary>
/// Holds back grain calls at the <see cref="MembershipGate"/>: before a call is executed, and before its answer is sent, because the silo
/// may have been paused in between. Orleans' own calls pass, among them the probes of other silos.
/// </summary>
internal sealed class MembershipFilter(MembershipGate gate) : IIncomingGrainCallFilter
{
    private static readonly Assembly[] Ours = [typeof(IChannelGrain).Assembly, typeof(Grains.Hosting.GrainHostingExtensions).Assembly];

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType is not { } called || !Ours.Contains(called.Assembly))
        {
            await context.Invoke();
            return;
        }

        await PassAsync();
        await context.Invoke();
        await PassAsync();
    }

    private ValueTask PassAsync() => gate.IsOpen() ? ValueTask.CompletedTask : new ValueTask(WaitAsync());

    private async Task WaitAsync()
    {
        if (!await gate.WaitAsync())
            throw new SiloUnavailableException("This silo is no longer a member of the cluster.");
    }
}
