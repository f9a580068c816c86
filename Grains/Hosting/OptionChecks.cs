using Microsoft.Extensions.Options;

namespace Hype.Grains.Hosting;

/// <summary>Collects every error of an options type, so that an operator sees all of them at once.</summary>
public sealed class OptionChecks(string section)
{
    private readonly List<string> _errors = [];

    public OptionChecks Range<T>(string name, T value, T lowest, T highest)
        where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
            _errors.Add($"{section}:{name} is {value}; it must lie between {lowest} and {highest}.");
        return this;
    }

    public OptionChecks Must(bool holds, string name, string sentence)
    {
        if (!holds)
            _errors.Add($"{section}:{name} {sentence}");
        return this;
    }

    public ValidateOptionsResult Result() => _errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_errors);
}
