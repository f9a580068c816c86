using System.Reflection;

namespace Hype.Grains.Tests.Testing;

/// <summary>
/// A fake grain. A function of the test answers all calls; its arguments are the method's name and the arguments of the call.
/// </summary>
internal class FakeCalls : DispatchProxy
{
    private Func<string, object?[], Task> _answer = (_, _) => Task.CompletedTask;

    public static TGrain Create<TGrain>(Func<string, object?[], Task> answer)
        where TGrain : class, IGrain
    {
        var grain = Create<TGrain, FakeCalls>();
        ((FakeCalls)(object)grain)._answer = answer;
        return grain;
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments) => _answer(method!.Name, arguments!);
}
